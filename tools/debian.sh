# Debian packages for the tests, and a throw-away PostgreSQL. Sourced by tools/test and .ci/run.

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install() {
    export DEBIAN_FRONTEND=noninteractive
    if [ -z "${APT_UPDATED:-}" ]; then apt-get update -qq; APT_UPDATED=1; fi
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# need COMMAND PACKAGE WHAT: make COMMAND available, or say which tests are skipped.
need() {
    command -v "$1" >/dev/null && return 0
    if may_install && install "$2"; then return 0; fi
    echo "skipped: $3 (the package $2 is missing and cannot be installed here)"
}

need_postgresql() {
    PG_BIN=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
    if [ -z "$PG_BIN" ] && may_install && install postgresql; then
        PG_BIN=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
    fi
    [ -n "$PG_BIN" ] && [ -x "$PG_BIN/initdb" ] || { PG_BIN=; echo "skipped: the second run, on PostgreSQL (package postgresql is missing)"; }
}

# PostgreSQL refuses to run as root; Debian's package brings the user postgres.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

start_postgresql() {
    PG_DIR=$(mktemp -d /tmp/danbe-pg.XXXXXX)
    if [ "$(id -u)" = 0 ]; then chown postgres "$PG_DIR"; fi
    chmod 755 "$PG_DIR"
    as_postgres "$PG_BIN/initdb" -D "$PG_DIR/db" -A trust -U danbe -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    as_postgres "$PG_BIN/pg_ctl" -D "$PG_DIR/db" -w -l "$PG_DIR/log" \
        -o "-k $PG_DIR -c listen_addresses='' -c fsync=off -c full_page_writes=off" start >/dev/null
}

stop_postgresql() {
    as_postgres "$PG_BIN/pg_ctl" -D "$PG_DIR/db" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$PG_DIR"
}
