"""When a call may leave: a pace for each account and Region, shared by all ctui processes of this machine."""
