"""Open data: CSV with HXL, XLSX, Parquet, GeoJSON, Table Schema."""
