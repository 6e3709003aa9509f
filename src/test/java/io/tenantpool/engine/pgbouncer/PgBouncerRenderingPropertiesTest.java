package io.tenantpool.engine.pgbouncer;

import static io.tenantpool.testing.Given.KEYS;
import static io.tenantpool.testing.Given.cluster;
import static io.tenantpool.testing.Given.content;
import static io.tenantpool.testing.Given.pooler;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.engine.PoolerFiles;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.Placed;
import io.tenantpool.model.Planner;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.Resolution;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.TenantModel;
import io.tenantpool.testing.Given;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a tenant says, it says it in its own lines and nowhere else. */
class PgBouncerRenderingPropertiesTest {
    private static final PgBouncerEngine ENGINE = new PgBouncerEngine();

    @Provide
    Arbitrary<TenantModel> tenant() {
        return HostileTenants.tenants();
    }

    @Provide
    Arbitrary<List<TenantModel>> tenants() {
        return HostileTenants.tenants().list().ofMaxSize(8).uniqueElements(TenantModel::id);
    }

    @Property
    void a_tenant_is_refused_or_adds_its_own_lines_only(@ForAll("tenant") TenantModel tenant) {
        if (ENGINE.check(tenant).isPresent()) {
            return;
        }

        var files = ENGINE.render(content(HostileTenants.placed(tenant)));

        assertWellFormed(files, content(HostileTenants.placed(tenant)));
    }

    @Property
    void many_tenants_have_a_line_each_and_no_other_line_section_or_key(@ForAll("tenants") List<TenantModel> tenants) {
        var content = accepted(tenants);

        assertWellFormed(ENGINE.render(content), content);
    }

    @Property
    void what_was_rendered_is_read_back_as_it_was(@ForAll("tenants") List<TenantModel> tenants) {
        var content = accepted(tenants);
        var roles = new TreeSet<>(content.tombstones().keySet());
        content.tenants().forEach(tenant -> tenant.roles().forEach(role -> roles.add(role.name())));

        var parsed = ENGINE.parse(content.id(), entries(ENGINE.render(content)));

        assertThat(parsed).isEqualTo(Given.held(content.id(), content.tenants(), roles));
    }

    @Property
    void equal_content_has_an_equal_revision_and_equal_bytes(@ForAll("tenants") List<TenantModel> tenants) {
        var content = accepted(tenants);

        assertThat(ENGINE.render(content)).isEqualTo(ENGINE.render(content));
    }

    @Property(tries = 300)
    void the_order_in_which_tenants_are_seen_does_not_matter(
            @ForAll("tenants") List<TenantModel> tenants, @ForAll long seed) {
        var shuffled = new ArrayList<>(tenants);
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(ENGINE.render(planned(shuffled))).isEqualTo(ENGINE.render(planned(tenants)));
    }

    @Property
    void another_tenant_leaves_everybody_else_s_lines_byte_identical(
            @ForAll("tenants") List<TenantModel> tenants, @ForAll("tenant") TenantModel other) {
        var before = ENGINE.render(planned(tenants, List.of()));
        var held = ENGINE.parse(pooler("transaction"), entries(before));
        var all = new ArrayList<>(tenants);
        all.removeIf(tenant -> tenant.id().equals(other.id()));
        all.add(other);

        var after = ENGINE.render(planned(all, List.of(held)));

        var others =
                held.tenants().stream().filter(t -> !t.id().equals(other.id())).toList();
        assertThat(text(after, PgBouncerNames.INI).lines().toList())
                .containsAll(others.stream().map(t -> lineOf(before, t)).toList());
        assertThat(UserList.read(text(after, PgBouncerNames.USERLIST))).containsAllEntriesOf(passwords(others, other));
    }

    @Property
    void another_password_is_another_revision(@ForAll("tenant") TenantModel tenant) {
        if (ENGINE.check(tenant).isPresent()) {
            return;
        }
        var placed = HostileTenants.placed(tenant);
        var rotated = placed.withRoles(placed.roles().stream()
                .map(role -> new Role(role.name(), new Secret(role.password().value() + "2"), role.source()))
                .toList());

        assertThat(ENGINE.render(content(rotated)).revision())
                .isNotEqualTo(ENGINE.render(content(placed)).revision());
    }

    private static void assertWellFormed(PoolerFiles files, PoolerContent content) {
        var ini = text(files, PgBouncerNames.INI);
        var lines = ini.lines().toList();
        assertThat(ini.chars()).noneMatch(c -> c < 0x20 && c != '\n' || c == 0x7F);
        assertThat(lines.stream().filter(line -> line.startsWith("["))).containsExactly("[databases]", "[pgbouncer]");
        var databases = lines.subList(1, lines.indexOf("[pgbouncer]"));
        assertThat(databases)
                .hasSameSizeAs(content.tenants())
                .isSorted()
                .allMatch(line -> line.matches("[a-z0-9_][a-z0-9_.-]{0,62} = host='[^']*' port=\\d+ dbname='[^']*'"
                        + " pool_size=\\d+ max_db_connections=\\d+( max_db_client_connections=\\d+)?"));
        assertThat(lines.stream().filter(line -> line.startsWith("%")))
                .containsExactly("%include settings/settings.ini");
        assertThat(ini).endsWith("\nsyslog_ident = " + files.revision() + "\n");
        assertHba(text(files, PgBouncerNames.HBA), content);
        assertUsers(text(files, PgBouncerNames.USERLIST), content);
    }

    private static void assertHba(String hba, PoolerContent content) {
        var expected = new TreeSet<String>();
        content.tenants().forEach(tenant -> tenant.roles()
                .forEach(role -> expected.add(
                        "host \"%s\" \"%s\" all scram-sha-256".formatted(tenant.poolName(), role.name()))));
        var lines = hba.lines().toList();
        assertThat(lines.get(0)).isEqualTo("host pgbouncer tenantpool_admin,tenantpool_sentinel all scram-sha-256");
        assertThat(lines.subList(1, lines.size())).containsExactlyElementsOf(expected);
    }

    private static void assertUsers(String userlist, PoolerContent content) {
        var roles = new TreeSet<>(content.tombstones().keySet());
        content.tenants().forEach(tenant -> tenant.roles().forEach(role -> roles.add(role.name())));
        var names = new ArrayList<>(UserList.read(userlist).keySet());
        assertThat(userlist.lines()).hasSize(names.size());
        assertThat(names).startsWith(PgBouncerNames.ADMIN).endsWith(PgBouncerNames.SENTINEL);
        assertThat(names.subList(1, names.size() - 1)).containsExactlyElementsOf(roles);
    }

    /** The tenants that the engine takes and that don't claim one another's names, beside a tombstone. */
    private static PoolerContent accepted(List<TenantModel> tenants) {
        var planned = planned(tenants, List.of());
        var tombstones = new TreeMap<String, Secret>();
        tombstones.put("A tombstone", new Secret("c0ffee"));
        return Given.poolerContent(planned.id(), planned.listener(), planned.tenants(), tombstones, KEYS);
    }

    private static PoolerContent planned(List<TenantModel> tenants) {
        return planned(tenants, List.of());
    }

    private static PoolerContent planned(List<TenantModel> tenants, List<HeldPooler> held) {
        var resolutions = tenants.stream()
                .map(PgBouncerRenderingPropertiesTest::resolution)
                .toList();
        return new Planner(cluster("transaction"), held, KEYS, Given.observed())
                .plan(resolutions, Set.of())
                .poolers()
                .get(0);
    }

    private static Resolution resolution(TenantModel tenant) {
        return ENGINE.check(tenant)
                .<Resolution>map(finding -> new Resolution.Refused(tenant.id(), 1, tenant.created(), finding))
                .orElseGet(() -> new Resolution.Resolved(tenant));
    }

    private static String lineOf(PoolerFiles files, Placed tenant) {
        return text(files, PgBouncerNames.INI)
                .lines()
                .filter(line -> line.startsWith(tenant.poolName() + " = "))
                .findFirst()
                .orElseThrow();
    }

    /** Of all roles but those that come from a Secret of {@code other}, too: that one may have been changed since. */
    private static Map<String, Secret> passwords(List<Placed> tenants, TenantModel other) {
        var passwords = new HashMap<String, Secret>();
        for (var tenant : tenants) {
            tenant.roles().stream()
                    .filter(role -> other.roles().stream()
                            .noneMatch(one -> one.name().equals(role.name())
                                    && one.source().equals(role.source())))
                    .forEach(role -> passwords.put(role.name(), role.password()));
        }
        return passwords;
    }

    private static String text(PoolerFiles files, String name) {
        return entries(files).getOrDefault(name, "");
    }

    private static Map<String, String> entries(PoolerFiles files) {
        var entries = new HashMap<String, String>();
        files.projected().forEach((name, text) -> entries.put(name, text.value()));
        files.kept().forEach((name, text) -> entries.put(name, text.value()));
        return entries;
    }
}
