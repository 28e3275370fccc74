# The map of leads is in memory: one process. It serves any number of connections with few threads, of which Python
# runs one at a time: more would only pass the interpreter's lock around.
workers = 1
worker_class = 'gthread'
threads = 4
worker_connections = 1000
backlog = 511
# No connection is closed for silence, no worker for being busy or old.
keepalive = 86400
timeout = 0
max_requests = 0
graceful_timeout = 1
# Its control socket would lie outside the working folder.
control_socket_disable = True
loglevel = 'warning'
