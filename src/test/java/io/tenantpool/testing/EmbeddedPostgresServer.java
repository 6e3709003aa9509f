package io.tenantpool.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A real PostgreSQL on a free port of 127.0.0.1 that asks everybody but the superuser for a SCRAM password. */
public final class EmbeddedPostgresServer implements AutoCloseable {
    private static final String SUPERUSER = "postgres";

    /** Held here because the logging framework forgets the level of a logger that nobody refers to. */
    private static final List<Logger> CHATTY =
            List.of(Logger.getLogger("io.zonky.test.db.postgres"), Logger.getLogger("org.postgresql.jdbc"));

    static {
        CHATTY.forEach(logger -> logger.setLevel(Level.SEVERE));
    }

    private EmbeddedPostgres postgres;

    private EmbeddedPostgresServer(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Starts a server that accepts this many connections. */
    public static EmbeddedPostgresServer start(int maxConnections) {
        var server = new EmbeddedPostgresServer(start(EmbeddedPostgres.builder(), maxConnections));
        server.demandPasswords();
        return server;
    }

    /** Starts a server that keeps its data in this directory, so that it can be started {@link #again}. */
    public static EmbeddedPostgresServer start(int maxConnections, Path data) {
        var server = new EmbeddedPostgresServer(
                start(EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false), maxConnections));
        server.demandPasswords();
        return server;
    }

    /** Starts the server on its port and with its data again, after it was closed. */
    public void again(int maxConnections, Path data) {
        postgres = start(
                EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .setPort(port()),
                maxConnections);
    }

    private static EmbeddedPostgres start(EmbeddedPostgres.Builder builder, int maxConnections) {
        try {
            return builder.setServerConfig("max_connections", Integer.toString(maxConnections))
                    .setServerConfig("password_encryption", "scram-sha-256")
                    // Durability costs time and a test has nothing to lose.
                    .setServerConfig("fsync", "off")
                    .setServerConfig("synchronous_commit", "off")
                    .setServerConfig("full_page_writes", "off")
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL could not be started", e);
        }
    }

    /**
     * The embedded server trusts every local login, which would prove wrong passwords right. The rules are replaced
     * from within, so that nobody needs to know where its data lies.
     */
    private void demandPasswords() {
        execute(
                "CREATE TEMP TABLE rule (line text)",
                "INSERT INTO rule VALUES ('local all all trust'), ('host all " + SUPERUSER + " 127.0.0.1/32 trust'),"
                        + " ('host all all all scram-sha-256')",
                "DO $$ BEGIN EXECUTE format('COPY rule TO %L', current_setting('hba_file')); END $$",
                "SELECT pg_reload_conf()");
    }

    /** From now on the server encrypts for who asks for it and shows this certificate to new connections. */
    public void encrypt(TestCertificates.Pair pair) {
        execute(ServerEncryption.on(pair));
    }

    /** From now on the server does not encrypt. */
    public void encryptNoMore() {
        execute(ServerEncryption.off());
    }

    /** Whether a role has server connections, all of them encrypted. */
    public boolean isEncrypted(String role) {
        try (Connection connection = superuser("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity"
                        + " USING (pid) WHERE usename = " + literal(role))) {
            rows.next();
            return rows.getBoolean(1);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused", e);
        }
    }

    /** The address of the server. */
    public String host() {
        return "127.0.0.1";
    }

    /** The port of the server. */
    public int port() {
        return postgres.getPort();
    }

    /** Creates a database whose only user is this role; an existing role gets the password. */
    public void createDatabase(String name, String role, String password) {
        createRole(role, password);
        execute("CREATE DATABASE " + quoted(name) + " OWNER " + quoted(role));
    }

    /** Creates the role, or gives an existing one this password. */
    public void createRole(String role, String password) {
        execute("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = " + literal(role) + ") THEN"
                + " CREATE ROLE " + quoted(role) + " LOGIN; END IF; END $$");
        execute("ALTER ROLE " + quoted(role) + " PASSWORD " + literal(password));
    }

    /** Drops the database and ends every connection to it. */
    public void dropDatabase(String name) {
        execute("DROP DATABASE IF EXISTS " + quoted(name) + " WITH (FORCE)");
    }

    /** A connection as the superuser. */
    public Connection superuser(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + host() + ":" + port() + "/" + database + "?user=" + SUPERUSER);
    }

    /** How many client connections the server has now, other than the one that asks. */
    public int clientConnections() {
        try (Connection connection = superuser("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM pg_stat_activity"
                        + " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused", e);
        }
    }

    /** Runs these statements as the superuser, each on its own. */
    public void execute(String... statements) {
        try (Connection connection = superuser("postgres");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL could not be stopped", e);
        }
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
