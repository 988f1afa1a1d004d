"""What the cluster holds true: matched, validated, de-duplicated, reviewed; snapshots of it."""
