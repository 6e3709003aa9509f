package io.tenantpool.upstream;

import static io.tenantpool.upstream.SharedVertx.VERTX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.model.Secret;
import io.tenantpool.upstream.Answer.Failed;
import io.tenantpool.upstream.Answer.Problem;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is made of servers that are no help. */
class ServerQueryTest {
    private static final String PASSWORD = "hunter2-of-the-admin";

    @Test
    void a_port_where_nobody_listens_is_told() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        var answer = ask(port, 3000);

        assertThat(answer.problem()).isEqualTo(Problem.UNREACHABLE);
        assertThat(answer.words())
                .isEqualTo("PostgreSQL at 127.0.0.1:" + port + " cannot be reached: the connection was refused");
    }

    @Test
    void a_host_that_does_not_exist_is_told() {
        var answer =
                ask(new Server("no-such-host.invalid", 5432, "admin", new Secret(PASSWORD), Transport.PLAIN), 3000);

        assertThat(answer.problem()).isEqualTo(Problem.UNREACHABLE);
    }

    @Test
    void a_server_that_is_silent_is_given_up_and_its_socket_closed() throws InterruptedException {
        var closed = new CountDownLatch(1);
        var server = listen(socket -> socket.closeHandler(end -> closed.countDown()));

        var answer = ask(server.actualPort(), 200);

        assertThat(answer.problem()).isEqualTo(Problem.UNREACHABLE);
        assertThat(answer.words()).contains("gave no answer within 200 ms");
        assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
        server.close();
    }

    @Test
    void a_server_that_hangs_up_is_told() {
        var server = listen(NetSocket::close);

        var answer = ask(server.actualPort(), 3000);

        assertThat(answer.problem()).isEqualTo(Problem.UNREACHABLE);
        assertThat(answer.words()).endsWith("closed the connection");
        server.close();
    }

    @Test
    void a_server_that_echoes_the_password_is_not_quoted() {
        var server = listen(socket -> {
            var cleartextPassword = Buffer.buffer("R").appendInt(8).appendInt(3);
            socket.handler(startup -> {
                socket.handler(password -> socket.write(error("28P01", "not " + PASSWORD)));
                socket.write(cleartextPassword);
            });
        });

        var answer = ask(server.actualPort(), 3000);

        assertThat(answer.problem()).isEqualTo(Problem.AUTHENTICATION_FAILED);
        assertThat(answer.words()).doesNotContain(PASSWORD);
        server.close();
    }

    @Test
    void long_words_and_line_ends_of_a_server_are_cut() {
        var server = listen(socket ->
                socket.handler(startup -> socket.write(error("53300", "too many\nclients " + "x".repeat(500)))));

        var answer = ask(server.actualPort(), 3000);

        assertThat(answer.problem()).isEqualTo(Problem.OTHER);
        assertThat(answer.words()).contains("too many clients x", "53300").hasSizeLessThan(300);
        server.close();
    }

    private static Buffer error(String sqlState, String message) {
        var fields = Buffer.buffer("SFATAL\0C" + sqlState + "\0M" + message + "\0\0");
        return Buffer.buffer("E").appendInt(4 + fields.length()).appendBuffer(fields);
    }

    private static NetServer listen(Handler<NetSocket> handler) {
        var server = VERTX.createNetServer().connectHandler(handler);
        var listening = server.listen(0, "127.0.0.1");
        await().atMost(Duration.ofSeconds(5)).until(listening::succeeded);
        return server;
    }

    private static Failed ask(int port, long millis) {
        return ask(new Server("127.0.0.1", port, "admin", new Secret(PASSWORD), Transport.PLAIN), millis);
    }

    private static Failed ask(Server server, long millis) {
        var answer = new ServerQuery(VERTX, Duration.ofMillis(millis))
                .ask(server)
                .toCompletableFuture()
                .orTimeout(15, TimeUnit.SECONDS)
                .join();
        assertThat(answer).isInstanceOf(Failed.class);
        return (Failed) answer;
    }
}
