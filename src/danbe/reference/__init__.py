"""The shared words: code lists, geography, results framework, the dataset catalogue, HXL tags.

Pure: data files and their loaders. Nothing here imports Django or another room.
"""
