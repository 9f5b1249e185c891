//! What the OpenAPI document says of the provider: how an app gets a token, and a route to try it at. The metadata describes
//! the rest to programs.

use std::iter;

use utoipa::openapi::{
    ContentBuilder, HttpMethod, ObjectBuilder, OpenApi, ResponseBuilder, Type,
    path::OperationBuilder,
    security::{AuthorizationCode, Flow, OAuth2, Scopes, SecurityRequirement, SecurityScheme},
    tag::TagBuilder,
};

use crate::{
    accounts::oauth::scopes,
    auth::Auth,
    base::{config::client::STANDARD, text::language::Language},
};

/// Adds the code flow and `GET /oauth/userinfo`, if the provider is on. `base` is the path of the routes.
pub(crate) fn describe(auth: &Auth, base: &str, document: &mut OpenApi) {
    if !auth.has_provider() {
        return;
    }
    let words = auth.words(Language::English);
    let own = auth.config().scopes.keys().map(String::as_str);
    let scopes = STANDARD.into_iter().chain(own);
    let scopes =
        scopes.map(|scope| (scope.to_owned(), scopes::words(auth, &words, scope).unwrap_or_default()));
    let flow = AuthorizationCode::new(
        format!("{base}/oauth/authorize"),
        format!("{base}/oauth/token"),
        Scopes::from_iter(scopes),
    );
    let description = "An access token of an app (code flow with PKCE). It opens the routes of the provider and your own \
        routes for apps, and no others";
    document.components.get_or_insert_default().add_security_scheme(
        "app",
        SecurityScheme::OAuth2(OAuth2::with_description([Flow::AuthorizationCode(flow)], description)),
    );
    let tag = TagBuilder::new().name("apps").description(Some("Apps on other hosts: OpenID Connect"));
    document.tags.get_or_insert_default().push(tag.build());
    let json = |schema: ObjectBuilder| ContentBuilder::new().schema(Some(schema)).build();
    let claims = ObjectBuilder::new().schema_type(Type::Object);
    let text = |about: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(about));
    let refusal = || {
        ObjectBuilder::new()
            .property("error", text("The kind of error, for programs"))
            .property("error_description", text("A description of the error, for people"))
    };
    let told = ResponseBuilder::new()
        .description("What the app may know of the user")
        .content("application/json", json(claims));
    let refusals = [
        ("400", "The request has several tokens"),
        ("401", "There is no access token, or it is not valid here (`invalid_token`)"),
        ("403", "The token does not have the scope `openid` (`insufficient_scope`)"),
        ("500", "A bug in the server"),
        ("503", "The database cannot take this now"),
    ];
    let refusals = refusals.map(|(status, about)| {
        let content = json(refusal());
        (status, ResponseBuilder::new().description(about).content("application/json", content))
    });
    let operation = iter::once(("200", told)).chain(refusals).fold(
        OperationBuilder::new()
            .tag("apps")
            .operation_id(Some("userinfo"))
            .summary(Some("Show what an app may know of its user (OpenID Connect Core, section 5.3)"))
            .security(SecurityRequirement::new("app", ["openid"])),
        |operation, (status, answer)| operation.response(status, answer),
    );
    document.paths.add_path_operation("/oauth/userinfo", vec![HttpMethod::Get], operation);
}
