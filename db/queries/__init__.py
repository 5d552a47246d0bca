"""Questions: one function per report. They read through the row filter and change nothing."""
