package io.tenantpool.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.tenantpool.api.v1alpha1.AllowedTenants;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NamespaceRuleTest {
    private static final Map<String, String> GOLD = Map.of("tier", "gold", "team", "a");

    @Test
    void without_a_rule_only_the_own_namespace_is_admitted() {
        var rule = NamespaceRule.of("poolers", null);

        assertThat(rule.admits("poolers", Map.of())).isTrue();
        assertThat(rule.admits("team-a", GOLD)).isFalse();
    }

    @Test
    void a_rule_that_chooses_nothing_admits_the_own_namespace() {
        var rule = NamespaceRule.of("poolers", new AllowedTenants(null, null, null, null));

        assertThat(rule.from()).isEqualTo(AllowedTenants.From.Same);
    }

    @Test
    void all_admits_every_namespace() {
        assertThat(rule(AllowedTenants.From.All, null).admits("team-a", Map.of()))
                .isTrue();
    }

    @Test
    void a_selector_admits_namespaces_with_all_of_its_labels() {
        var rule = selecting(new LabelSelectorBuilder()
                .addToMatchLabels("tier", "gold")
                .addToMatchLabels("team", "a")
                .build());

        assertThat(rule.admits("team-a", GOLD)).isTrue();
        assertThat(rule.admits("team-a", Map.of("tier", "gold"))).isFalse();
    }

    @Test
    void a_selector_does_not_admit_the_own_namespace_by_itself() {
        var rule = selecting(
                new LabelSelectorBuilder().addToMatchLabels("tier", "gold").build());

        assertThat(rule.admits("poolers", Map.of())).isFalse();
    }

    @Test
    void every_operator_of_an_expression_means_what_kubernetes_says() {
        assertThat(expression("tier", "In", "gold", "silver")).isTrue();
        assertThat(expression("tier", "In", "silver")).isFalse();
        assertThat(expression("absent", "In", "gold")).isFalse();
        assertThat(expression("tier", "NotIn", "silver")).isTrue();
        assertThat(expression("tier", "NotIn", "gold")).isFalse();
        assertThat(expression("absent", "NotIn", "gold")).isTrue();
        assertThat(expression("tier", "Exists")).isTrue();
        assertThat(expression("absent", "Exists")).isFalse();
        assertThat(expression("absent", "DoesNotExist")).isTrue();
        assertThat(expression("tier", "DoesNotExist")).isFalse();
    }

    @Test
    void an_operator_that_nobody_knows_yet_admits_nobody() {
        assertThat(expression("tier", "Resembles", "gold")).isFalse();
    }

    @Test
    void an_empty_selector_admits_everybody_as_in_kubernetes() {
        assertThat(selecting(new LabelSelector()).admits("team-a", Map.of())).isTrue();
    }

    @Test
    void a_missing_selector_admits_nobody() {
        assertThat(rule(AllowedTenants.From.Selector, null).admits("poolers", GOLD))
                .isFalse();
    }

    private static boolean expression(String key, String operator, String... values) {
        var selector = new LabelSelectorBuilder()
                .addNewMatchExpression()
                .withKey(key)
                .withOperator(operator)
                .withValues(List.of(values))
                .endMatchExpression()
                .build();
        return selecting(selector).admits("team-a", GOLD);
    }

    private static NamespaceRule selecting(LabelSelector selector) {
        return rule(AllowedTenants.From.Selector, selector);
    }

    private static NamespaceRule rule(AllowedTenants.From from, @Nullable LabelSelector selector) {
        return NamespaceRule.of(
                "poolers", new AllowedTenants(new AllowedTenants.Namespaces(from, selector), null, null, null));
    }
}
