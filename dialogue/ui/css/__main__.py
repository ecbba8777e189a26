from dialogue.ui.css import write

write()
