"""The workbook door: opens any 5W/3W workbook, finds its table, proposes the matching of its columns."""
