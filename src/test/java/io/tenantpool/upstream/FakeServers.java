package io.tenantpool.upstream;

import io.tenantpool.testing.Given;
import io.tenantpool.upstream.Answer.Failed;
import io.tenantpool.upstream.Answer.Problem;
import io.tenantpool.upstream.Answer.Told;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Servers that answer at once, by their host; those that nobody described never answer. */
public final class FakeServers {
    private final Map<String, Answer> answers = new HashMap<>();
    private final List<Server> asked = new ArrayList<>();
    private final ManualTimer timer = new ManualTimer();

    /** From now on, the server at {@code host} has this many connections, 3 of them reserved. */
    public void has(String host, int maxConnections) {
        answers.put(host, new Told(new ServerSettings(maxConnections, 3, 1)));
    }

    /** From now on, the server at {@code host} fails with these words. */
    public void fails(String host, String words) {
        answers.put(host, new Failed(Problem.OTHER, words));
    }

    /** Every server is asked again. */
    public void timePasses() {
        timer.fire();
    }

    /** Who was asked, in order. */
    public List<Server> asked() {
        return asked;
    }

    /** Asks these servers. */
    public LiveLimits limits() {
        return new LiveLimits(this::ask, timer, Given.CLOCK, key -> {});
    }

    private CompletionStage<Answer> ask(Server server) {
        asked.add(server);
        var answer = answers.get(server.host());
        return answer == null ? new CompletableFuture<>() : CompletableFuture.completedFuture(answer);
    }

    /** Looks at servers that are all believed but the one on this host. */
    public static TlsWatch watch(String host, String refusal) {
        return new TlsWatch(
                (server, transport) -> CompletableFuture.completedFuture(
                        server.host().equals(host) ? Optional.of(refusal) : Optional.empty()),
                (delay, task) -> {},
                upstream -> {});
    }
}
