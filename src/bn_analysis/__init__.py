"""Has the industrial production of Bắc Ninh left the bottom? A monthly, honest answer."""

__version__ = "0.1.0"
