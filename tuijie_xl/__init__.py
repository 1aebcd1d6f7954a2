"""tuijie_xl: run a yearly recommendation programme (推介) of service-outsourcing applicants with spreadsheets."""

__version__ = "0.1.0"
