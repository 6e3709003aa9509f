package io.tenantpool;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;

/** The rooms of docs/architecture.md and the arrows between them. There are no exceptions. */
@AnalyzeClasses(packages = "io.tenantpool", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> CLIENT = describe(
            "are a Kubernetes client",
            type -> type.getPackageName().startsWith("io.fabric8.kubernetes.client")
                    // the base class of every custom resource stands beside the client
                    && !type.getSimpleName().equals("CustomResource"));

    @ArchTest
    static final ArchRule the_api_depends_on_nothing_of_ours = noClasses()
            .that()
            .resideInAPackage("io.tenantpool.api..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.tenantpool..")
                    .and(DescribedPredicate.not(resideInAPackage("io.tenantpool.api.."))));

    @ArchTest
    static final ArchRule the_model_knows_no_other_room_but_the_api = only("model", "api");

    @ArchTest
    static final ArchRule names_know_only_the_model = only("naming", "model", "api");

    @ArchTest
    static final ArchRule engines_know_only_the_model = only("engine", "model", "api");

    @ArchTest
    static final ArchRule resources_are_made_of_the_model_and_an_engine_s_shape =
            only("resource", "engine", "model", "naming", "api");

    @ArchTest
    static final ArchRule certificates_know_only_the_model = only("certificate", "model");

    @ArchTest
    static final ArchRule status_knows_only_the_model = only("status", "model", "naming", "api");

    @ArchTest
    static final ArchRule metrics_and_events_decide_nothing = only("observe", "model", "naming", "api");

    @ArchTest
    static final ArchRule settings_know_nobody = only("config");

    @ArchTest
    static final ArchRule delivery_neither_renders_nor_reports =
            only("delivery", "engine", "model", "naming", "observe");

    @ArchTest
    static final ArchRule who_asks_postgresql_knows_neither_poolers_nor_kubernetes =
            only("upstream", "model", "naming");

    @ArchTest
    static final ArchRule only_the_wiring_knows_which_engine_there_is = noClasses()
            .that()
            .resideOutsideOfPackages("io.tenantpool.engine.pgbouncer..", "io.tenantpool.app..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tenantpool.engine.pgbouncer..");

    @ArchTest
    static final ArchRule what_is_pure_has_no_client_no_framework_and_no_socket = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.tenantpool.model..",
                    "io.tenantpool.certificate..",
                    "io.tenantpool.engine..",
                    "io.tenantpool.resource..",
                    "io.tenantpool.status..",
                    "io.tenantpool.naming..")
            .should()
            .dependOnClassesThat(CLIENT.or(resideInAnyPackage(
                    "io.javaoperatorsdk..",
                    "io.vertx..",
                    "io.quarkus..",
                    "jakarta..",
                    "java.net.http..",
                    "java.nio.file..")));

    @ArchTest
    static final ArchRule the_model_and_the_engines_have_no_clock = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.tenantpool.model..",
                    "io.tenantpool.certificate..",
                    "io.tenantpool.engine..",
                    "io.tenantpool.resource..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    @ArchTest
    static final ArchRule nobody_asks_the_time_but_through_a_clock = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule only_the_edges_talk_to_kubernetes = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.tenantpool.controller..",
                    "io.tenantpool.app..",
                    "io.tenantpool.observe..",
                    "io.tenantpool.api..")
            .and(DescribedPredicate.not(HasName.Predicates.name("io.tenantpool.delivery.KubernetesPodApi")))
            .should()
            .dependOnClassesThat(CLIENT);

    @ArchTest
    static final ArchRule only_delivery_and_upstream_open_sockets = noClasses()
            .that()
            .resideOutsideOfPackages("io.tenantpool.delivery..", "io.tenantpool.upstream..", "io.tenantpool.app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..");

    @ArchTest
    static final ArchRule only_delivery_and_upstream_speak_to_postgresql = noClasses()
            .that()
            .resideOutsideOfPackages("io.tenantpool.delivery..", "io.tenantpool.upstream..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.pgclient..", "io.vertx.sqlclient..", "java.sql..", "org.postgresql..");

    @ArchTest
    static final ArchRule status_is_written_by_server_side_apply_alone = noClasses()
            .should()
            .callMethodWhere(describe(
                    "patch through an UpdateControl, which can lose a change of the spec",
                    call -> call.getTargetOwner().isEquivalentTo(UpdateControl.class)
                            && call.getName().startsWith("patch")));

    @ArchTest
    static final ArchRule names_say_what_a_class_is_for =
            noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Common)");

    @ArchTest
    static final ArchRule rooms_form_no_cycle =
            slices().matching("io.tenantpool.(**)").should().beFreeOfCycles();

    private static ArchRule only(String room, String... others) {
        var allowed = Arrays.stream(others)
                .map(other -> "io.tenantpool." + other + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("io.tenantpool." + room + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.tenantpool..")
                        .and(DescribedPredicate.not(resideInAPackage("io.tenantpool." + room + "..")))
                        .and(DescribedPredicate.not(resideInAnyPackage(allowed))));
    }
}
