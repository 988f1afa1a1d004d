"""The public site: plain files made from a release and from nothing else."""

from danbe.publish.site.build import SiteError, SiteReport, build_site, publish_site

__all__ = ["SiteError", "SiteReport", "build_site", "publish_site"]
