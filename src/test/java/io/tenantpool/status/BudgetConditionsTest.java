package io.tenantpool.status;

import static io.tenantpool.testing.Given.CLOCK;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.model.BudgetLine;
import io.tenantpool.model.Contract;
import io.tenantpool.model.ServerKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a PoolerCluster says of its server connections. */
class BudgetConditionsTest {
    private static final ServerKey PRIMARY = new ServerKey("default", Upstream.Role.Primary);
    private static final ServerKey REPLICA = new ServerKey("default", Upstream.Role.Replica);

    @Test
    void what_fits_is_within_the_budget() {
        var condition = condition("WithinBudget", Set.of(), line(PRIMARY, 200, 20, 100, 180));

        assertThat(condition.getStatus()).isEqualTo("True");
        assertThat(condition.getReason()).isEqualTo("Fits");
    }

    @Test
    void what_is_promised_too_much_is_shown_with_both_numbers_and_the_remedy() {
        var condition =
                condition("WithinBudget", Set.of(), line(PRIMARY, 200, 20, 100, 181), line(REPLICA, 200, 20, 100, 10));

        assertThat(condition.getStatus()).isEqualTo("False");
        assertThat(condition.getReason()).isEqualTo("Overcommitted");
        assertThat(condition.getMessage())
                .contains("181 connections of upstream default (Primary)", "180 may be", "connections.max", "replicas")
                .doesNotContain("(Replica)");
    }

    @Test
    void overcommitment_that_was_allowed_is_none() {
        assertThat(condition("WithinBudget", Set.of(), line(PRIMARY, 200, 20, 300, 540))
                        .getStatus())
                .isEqualTo("True");
    }

    @Test
    void without_a_contract_nobody_knows() {
        var line = new BudgetLine(PRIMARY, new Contract(null, 0, 100, false), 5000);

        var condition = condition("WithinBudget", Set.of(), line);

        assertThat(condition.getStatus()).isEqualTo("Unknown");
        assertThat(condition.getMessage()).contains("upstream default", "connections.max");
    }

    @Test
    void an_exceeded_budget_is_worse_than_one_without_a_contract() {
        var other =
                new BudgetLine(new ServerKey("other", Upstream.Role.Primary), new Contract(null, 0, 100, false), 5000);

        assertThat(condition("WithinBudget", Set.of(), other, line(PRIMARY, 10, 0, 100, 11))
                        .getReason())
                .isEqualTo("Overcommitted");
    }

    @Test
    void a_brake_is_said_with_its_servers_in_order_and_gone_when_it_is_off() {
        var braking = condition("Braking", Set.of(REPLICA, PRIMARY), line(PRIMARY, 200, 20, 300, 540));

        assertThat(braking.getReason()).isEqualTo("NearlyFull");
        assertThat(braking.getMessage()).contains("85 %", "upstream default (Primary), upstream default (Replica)");
        assertThat(conditions(Set.of(), line(PRIMARY, 200, 20, 300, 540)))
                .extracting(Condition::getType)
                .containsExactly("WithinBudget");
    }

    @Test
    void the_numbers_of_the_status_say_how_much_is_left_or_lacks() {
        assertThat(BudgetConditions.status(line(PRIMARY, 200, 20, 100, 144)).available())
                .isEqualTo(36);
        assertThat(BudgetConditions.status(line(PRIMARY, 200, 20, 100, 200)).available())
                .isEqualTo(-20);
        assertThat(BudgetConditions.status(new BudgetLine(PRIMARY, new Contract(null, 20, 100, false), 7))
                        .available())
                .isNull();
    }

    private static BudgetLine line(ServerKey server, int max, int reserved, int percent, int committed) {
        return new BudgetLine(server, new Contract(max, reserved, percent, false), committed);
    }

    private static Condition condition(String type, Set<ServerKey> braked, BudgetLine... lines) {
        return Conditions.find(conditions(braked, lines), type).orElseThrow();
    }

    private static List<Condition> conditions(Set<ServerKey> braked, BudgetLine... lines) {
        var conditions = new Conditions(null, 1, CLOCK);
        BudgetConditions.set(conditions, List.of(lines), braked, Map.of());
        return conditions.list();
    }
}
