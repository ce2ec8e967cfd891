"""Records of events, cut out of what contains them, exactly as they were: archives, gzip, encodings, wrappers.

Bytes go in, records and reasons come out: `texts_in` finds the texts in a file, `records_in` the records in a text. It
knows no emulator, no store and no screen, and writes nothing: members of archives are read in memory, portion by
portion, whatever they are called.
"""
