package io.tenantpool.testing;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** A login through a pooler, the way an application makes one. */
public record PoolerLogin(String host, int port, String database, String role, String password) {

    /** The login that a connection string of the binding Secret describes. */
    public static PoolerLogin of(String uri) {
        URI parsed = URI.create(uri);
        String[] user = parsed.getRawUserInfo().split(":", 2);
        return new PoolerLogin(
                parsed.getHost(),
                parsed.getPort(),
                decoded(parsed.getRawPath().substring(1)),
                decoded(user[0]),
                decoded(user[1]));
    }

    /** The tenant's login through this address. */
    public static PoolerLogin of(String host, int port, TestTenant tenant) {
        return new PoolerLogin(host, port, tenant.database(), tenant.role(), tenant.password());
    }

    /** The same login through another address. */
    public PoolerLogin through(String otherHost) {
        return new PoolerLogin(otherHost, port, database, role, password);
    }

    /** Opens a connection; a pooler in transaction mode cannot keep what pgjdbc prepares by name. */
    public Connection open() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + host + ":" + port + "/" + database
                        + "?sslmode=prefer&prepareThreshold=0&connectTimeout=5&socketTimeout=20",
                role,
                password);
    }

    /**
     * Logs in and asks one question; the answer is what the pooler or PostgreSQL said against it, if anything. Leaves in
     * the middle of a transaction, for then the pooler drops the server connection: hundreds of tenants that keep one
     * each would take all that PostgreSQL has.
     */
    public Optional<String> refusal() {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            try (ResultSet rows = statement.executeQuery("SELECT current_database()")) {
                rows.next();
                String answer = rows.getString(1);
                return database.equals(answer) ? Optional.empty() : Optional.of("this is database " + answer);
            }
        } catch (SQLException e) {
            return Optional.of(this + ": " + e.getMessage());
        }
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Without the password: the text ends up in test reports. */
    @Override
    public String toString() {
        return role + "@" + host + ":" + port + "/" + database;
    }
}
