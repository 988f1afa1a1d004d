"""Country packs: gazetteer, framework, texts, demonstration seeds. Data."""
