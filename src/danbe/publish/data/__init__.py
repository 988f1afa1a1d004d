"""Open data: CSV with HXL, XLSX, Parquet, GeoJSON, Table Schema."""

from danbe.publish.data.export import File, export

__all__ = ["File", "export"]
