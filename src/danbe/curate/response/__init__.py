"""5W rows: parsed, resolved, validated, imported, undone; the annotated workbook that goes back to the partner."""
