"""Methods of 亩均评价 as data, and their interpreter: find_method, read_cells, evaluate, explain."""
