// Streamlit keeps some strings in English whatever the language. This puts ours in their place as they appear.
// Text that people entered lives in Markdown, table cells and inputs, which are left alone.
const ATTRIBUTES = ["placeholder", "aria-label", "title", "aria-roledescription"];
const LEFT_ALONE = "script, style, textarea, input, [contenteditable], [data-testid='stMarkdownContainer'], [data-testid='stText'], [data-testid='stHtml'], [role='option'], [role='gridcell']";
const OURS_ANYWAY = "[data-testid='stFileUploader'] button, [role='option'][data-key^='__']";

function translated(text) {
  const bare = text.trim();
  if (!bare) return null;
  if (Object.hasOwn(WORDS.exact, bare)) return text.replace(bare, WORDS.exact[bare]);
  for (const [pattern, words] of WORDS.patterns) {
    if (pattern.test(bare)) return bare.replace(pattern, words);
  }
  return null;
}

function translateText(node) {
  const parent = node.parentElement;
  if (!parent || (parent.closest(LEFT_ALONE) && !parent.closest(OURS_ANYWAY))) return;
  const words = translated(node.data);
  if (words !== null && words !== node.data) node.data = words;
}

function translateAttributes(element) {
  for (const name of ATTRIBUTES) {
    const value = element.getAttribute(name);
    const words = value && translated(value);
    if (words && words !== value) element.setAttribute(name, words);
  }
}

function translateTree(root) {
  if (root.nodeType === Node.TEXT_NODE) return translateText(root);
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = root; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) translateText(node);
    else translateAttributes(node);
  }
}

function watch() {
  WORDS.patterns = WORDS.patterns.map(([pattern, words]) => [new RegExp(pattern, "s"), words]);
  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "childList") record.addedNodes.forEach(translateTree);
      else if (record.type === "attributes") translateAttributes(record.target);
      else translateText(record.target);
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
  translateTree(document.body);
}

// Password managers recognise the fields of the sign-in form by these names; the form itself switches them off.
function nameCredentials() {
  const fill = (selector, purpose) => document.querySelectorAll(selector).forEach((input) => {
    if (input.getAttribute("autocomplete") === "off") input.setAttribute("autocomplete", purpose);
  });
  fill(".st-key-sign_in input[type='text']", "username");
  fill(".st-key-sign_in input[type='password']", "current-password");
}

// On a deep link Streamlit would first look for its server below the page's own address.
window.__streamlit = { BACKEND_BASE_URL: window.location.origin };

// What opens and closes on a page stands in its address and is no place to go back to: Back leaves the page, and finds nothing that was closed.
// Streamlit makes every new address a step of the history. In a browser without `navigation` they stay steps: Back has to be pressed more often.
const OPENINGS = /^(open|for|invite|edit(\..+)?)$/;

function place(address) {
  const url = new URL(address, window.location.href);
  const kept = [...url.searchParams].filter(([name]) => !OPENINGS.test(name));
  return JSON.stringify([url.pathname, kept]);
}

window.navigation?.addEventListener("navigate", (step) => {
  const target = step.destination.url;
  const stays = step.navigationType === "push" && step.destination.sameDocument && step.cancelable;
  if (!stays || target === window.location.href || place(target) !== place("")) return;
  step.preventDefault();
  history.replaceState({}, "", target);
});

if (WORDS.exact) watch();
new MutationObserver(nameCredentials).observe(document.body, { childList: true, subtree: true });
