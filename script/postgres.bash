# A private PostgreSQL in a temporary directory, for scripts that source this file. It never touches the system's own
# cluster.
#
#   start_postgres DIRECTORY SETTINGS…    starts it, and sets $postgres to postgres://postgres@127.0.0.1:PORT and
#                                         $postgres_bin to the folder of its programs
#   stop_postgres DIRECTORY               stops it at once, with its children
#
# DIRECTORY becomes the data directory. If the script has a function `prepare_postgres DIRECTORY OWNER`, it is called
# before the server starts, and may put files there.

# PostgreSQL refuses to run as root.
unprivileged() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi }

start_postgres() {
    local data=$1 bin owner port
    shift
    bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    owner=$(unprivileged id -u)
    mkdir -m 700 "$data"
    chmod 755 "$(dirname "$data")"
    [ "$(id -u)" != 0 ] || chown "$owner" "$data"
    (cd "$data" && unprivileged "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C --no-sync)
    ! declare -F prepare_postgres >/dev/null || prepare_postgres "$data" "$owner"
    printf '%s\n' "listen_addresses = '127.0.0.1'" "unix_socket_directories = ''" "$@" >>"$data/postgresql.conf"
    for _ in $(seq 20); do
        # These ports are below the range that the system uses for outgoing connections.
        port=$((20000 + RANDOM % 12000))
        if (cd "$data" && unprivileged "$bin/pg_ctl" start -s -w -t 60 -D "$data" -o "-p $port" -l "$data/log"); then
            postgres=postgres://postgres@127.0.0.1:$port
            postgres_bin=$bin
            return
        fi
        grep -q 'Address already in use' "$data/log" || break
    done
    cat "$data/log" >&2
    return 1
}

stop_postgres() {
    local pid
    # The server's own pid is the first line of its pid file. SIGQUIT stops it at once, with its children.
    if pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null; then
        for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    fi
}
