package io.tenantpool.engine.pgbouncer;

import static io.tenantpool.testing.Given.id;
import static io.tenantpool.testing.Given.placed;
import static io.tenantpool.testing.Given.role;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenantpool.model.DoorLimits;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolGrant;
import io.tenantpool.model.Secret;
import io.tenantpool.model.Standing;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.testing.Given;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final Placed EVERYTHING = Given.onePool(
            id("acme"),
            "pool",
            "Data Base",
            new UpstreamModel("west", "10.0.0.7", 5433),
            List.of(role("a"), role("b")),
            10,
            200);

    private static final Map<String, Secret> PASSWORDS =
            Map.of("a", role("a").password(), "b", role("b").password());

    @Test
    void what_was_written_is_read_back() {
        var tenants = List.of(EVERYTHING, placed("other"));
        var passwords = Map.of(
                "a",
                role("a").password(),
                "b",
                role("b").password(),
                "other",
                role("other").password());

        assertThat(Placement.read(Placement.write(tenants), passwords)).isEqualTo(tenants);
    }

    @Test
    void sizes_limits_and_standings_are_read_back() {
        var tenants = List.of(
                with(new PoolGrant(21, 11, 40, 3), new DoorLimits(7, 8, 9), Standing.SERVING),
                with(new PoolGrant(1, 1, 1, 0), DoorLimits.NONE, Standing.SUSPENDED),
                with(new PoolGrant(6, 3, 3, 0), DoorLimits.NONE, Standing.draining(Given.NOW)));

        assertThat(Placement.read(Placement.write(tenants), PASSWORDS)).isEqualTo(tenants);
    }

    private static Placed with(PoolGrant grant, DoorLimits limits, Standing standing) {
        return new Placed(
                EVERYTHING.id(),
                EVERYTHING.poolName(),
                EVERYTHING.database(),
                EVERYTHING.upstream(),
                EVERYTHING.roles(),
                grant,
                limits,
                standing);
    }

    @Test
    void an_index_of_a_version_without_sizes_grants_the_share() throws IOException {
        var old = "[{\"uid\":\"u\",\"ns\":\"n\",\"name\":\"t\",\"pool\":\"p\",\"db\":\"d\",\"up\":\"default\","
                + "\"host\":\"h\",\"port\":5432,\"roles\":[{\"role\":\"a\",\"from\":\"n/s\"}],\"share\":10}]";

        assertThat(Placement.read(zipped(old), PASSWORDS)).singleElement().satisfies(tenant -> {
            assertThat(tenant.grant()).isEqualTo(new PoolGrant(10, 10, 10, 0));
            assertThat(tenant.standing()).isEqualTo(Standing.SERVING);
            assertThat(tenant.limits()).isEqualTo(DoorLimits.NONE);
        });
    }

    private static String zipped(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    @Test
    void it_holds_no_password_but_takes_those_of_the_user_list() {
        var others = Map.of("a", new Secret("1"), "b", new Secret("2"));

        assertThat(Placement.read(Placement.write(List.of(EVERYTHING)), others)
                        .get(0)
                        .roles())
                .extracting(role -> role.password().value())
                .containsExactly("1", "2");
    }

    @Test
    void a_role_without_a_password_is_an_error_and_not_an_empty_one() {
        var text = Placement.write(List.of(EVERYTHING));

        assertThatThrownBy(() -> Placement.read(text, Map.of("a", new Secret("x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lacks role b");
    }

    @Test
    void a_text_of_somebody_else_is_an_error_and_not_nobody() {
        assertThatThrownBy(() -> Placement.read("{", Map.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
