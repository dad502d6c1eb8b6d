"""Methods of 亩均评价 as data, and their interpreter: reading.find_method, cells.read_cells, evaluate.evaluate, explain."""
