"""`rechat import` and `rechat export`: other formats from and to a folder of transcripts."""
