"""Open data: CSV with HXL, XLSX, Parquet, GeoJSON, Table Schema."""

from danbe.publish.data.export import File, Signer, export

__all__ = ["File", "Signer", "export"]
