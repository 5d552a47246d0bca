"""What is plain HTTP: the gate, the session's routes, the page around Streamlit."""
