"""One design for site, screens and PDF: tokens, components, charts, maps. Pure."""
