"""Any series, day of knowledge and method, in JupyterLab."""
