"""Tables of services read and checked: the template's rows, and lists of health facilities. Reads only."""
