from components.shell import open_page

actor = open_page("import_data")
