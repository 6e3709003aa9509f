package io.tenantpool.engine.pgbouncer;

import static io.tenantpool.testing.Given.id;
import static io.tenantpool.testing.Given.placed;
import static io.tenantpool.testing.Given.role;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenantpool.model.Placed;
import io.tenantpool.model.Secret;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.testing.Given;
import java.util.List;
import java.util.Map;
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
