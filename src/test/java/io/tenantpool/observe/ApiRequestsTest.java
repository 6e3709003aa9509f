package io.tenantpool.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiRequestsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "GET | /api/v1/pods?labelSelector=a | list | pods",
                "GET | /api/v1/pods?allowWatchBookmarks=true&watch=true | watch | pods",
                "GET | /api/v1/pods?labelSelector=watch%3Dtrue | list | pods",
                "GET | /api/v1/namespaces | list | namespaces",
                "GET | /api/v1/namespaces/poolers | get | namespaces",
                "GET | /api/v1/namespaces/poolers/secrets | list | secrets",
                "GET | /api/v1/namespaces/poolers/secrets/api | get | secrets",
                "PATCH | /api/v1/namespaces/poolers/pods/a | patch | pods",
                "POST | /api/v1/namespaces/poolers/events | create | events",
                "PUT | /api/v1/namespaces/poolers/secrets/a | update | secrets",
                "DELETE | /apis/apps/v1/namespaces/poolers/deployments/a | delete | deployments.apps",
                "DELETE | /apis/apps/v1/namespaces/poolers/deployments | deletecollection | deployments.apps",
                "PATCH | /apis/tenantpool.io/v1alpha1/namespaces/a/tenants/b/status | patch | tenants.tenantpool.io/status",
                "GET | /apis/apiextensions.k8s.io/v1/customresourcedefinitions/a | get | customresourcedefinitions.apiextensions.k8s.io",
                "GET | /k8s/clusters/one/api/v1/pods | list | pods",
                "GET | /version | get | none",
                "GET | /apis | get | none",
                "GET | /apis/apps/v1 | get | none",
                "GET | / | get | none"
            })
    void a_request_is_named_as_access_rules_name_it(String method, String path, String verb, String resource) {
        assertThat(ApiRequests.Asked.of(method, URI.create("https://10.96.0.1:443" + path)))
                .isEqualTo(new ApiRequests.Asked(verb, resource));
    }
}
