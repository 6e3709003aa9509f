package io.tenantpool.testing;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** An application whose connection is at one pod and whose requests to cancel arrive at another, as behind a Service. */
public final class MisdirectedClient implements AutoCloseable {
    /** What PostgreSQL says of a query that was cancelled. */
    private static final String CANCELLED = "57014";

    private final Vertx vertx = Vertx.vertx();
    private final AtomicReference<String> next = new AtomicReference<>("");
    private final Connection superuser;
    private final TestTenant tenant;
    private final int port;
    private final TcpForwarder forwarder;

    private MisdirectedClient(ClusterPostgres postgres, TestTenant tenant) throws SQLException {
        this.tenant = tenant;
        superuser = postgres.superuser("postgres");
        port = freePort();
        forwarder = new TcpForwarder(
                vertx,
                "127.0.0.1",
                port,
                () -> Optional.of(SocketAddress.inetSocketAddress(PoolerFixture.PORT, next.get())));
    }

    /** One of this tenant. */
    public static MisdirectedClient of(ClusterPostgres postgres, TestTenant tenant) throws SQLException {
        return new MisdirectedClient(postgres, tenant);
    }

    /**
     * Begins a query on one pod and sends the request to cancel it to another.
     *
     * @return why the query did not end by that, if it did not
     */
    public Optional<String> cancel(String pod, String otherPod) {
        String way = pod + " through " + otherPod + ": ";
        next.set(pod);
        try (Connection connection = PoolerLogin.of("127.0.0.1", port, tenant).open();
                Statement statement = connection.createStatement()) {
            String query = "SELECT pg_sleep(10) /* " + UUID.randomUUID() + " */";
            CompletableFuture<String> end = CompletableFuture.supplyAsync(() -> end(statement, query));
            await("the query runs").atMost(Duration.ofSeconds(30)).until(() -> end.isDone() || isRunning(query));
            next.set(otherPod);
            statement.cancel();
            String said = end.join();
            return CANCELLED.equals(said) ? Optional.empty() : Optional.of(way + said);
        } catch (SQLException e) {
            return Optional.of(way + e.getMessage());
        }
    }

    private static String end(Statement statement, String query) {
        try {
            statement.execute(query);
            return "the query went on to its end";
        } catch (SQLException e) {
            return CANCELLED.equals(e.getSQLState()) ? CANCELLED : String.valueOf(e.getMessage());
        }
    }

    private boolean isRunning(String query) throws SQLException {
        try (PreparedStatement statement = superuser.prepareStatement(
                "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND usename = ? AND query = ?")) {
            statement.setString(1, tenant.role());
            statement.setString(2, query);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    @Override
    public void close() throws SQLException {
        forwarder.close();
        vertx.close();
        superuser.close();
    }
}
