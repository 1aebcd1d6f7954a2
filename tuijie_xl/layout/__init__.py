"""Plans of sheets: the template, the master workbook, the applicants' sheets. Pure: no file format is known here."""
