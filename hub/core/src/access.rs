//! Who may do what: three roles of people, five scopes of programs, a handful of permissions.

/// What a user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Admin,
    Technician,
    Viewer,
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Look at alerts, clients and events.
    Read,
    /// Send and withdraw alerts.
    Alert,
    /// Record events, as a sensor does.
    Report,
    /// The same through the doors that speak ntfy.
    ReportByNtfy,
    /// The same through the door that speaks Gotify.
    ReportByGotify,
    /// Receive the alerts of a group as an ntfy phone does.
    Subscribe,
    /// Read the measurements for monitoring.
    Measure,
    /// Manage users, clients and enrolments.
    Administer,
}

impl Permission {
    pub const ALL: [Permission; 8] =
        [Self::Read, Self::Alert, Self::Report, Self::ReportByNtfy, Self::ReportByGotify, Self::Subscribe, Self::Measure, Self::Administer];
}

impl Role {
    pub const ALL: [Role; 3] = [Self::Admin, Self::Technician, Self::Viewer];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Technician => "technician",
            Self::Viewer => "viewer",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    pub fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::Read => true,
            Permission::Alert | Permission::Report => self != Self::Viewer,
            Permission::Measure | Permission::Administer => self == Self::Admin,
            // These doors are for programs: a person's token has no audience and dies within hours.
            Permission::ReportByNtfy | Permission::ReportByGotify | Permission::Subscribe => false,
        }
    }
}

/// What the holder of an API token may do; a program has one scope and no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    Events,
    Alerts,
    Ntfy,
    Gotify,
    Metrics,
}

impl Scope {
    pub const ALL: [Scope; 5] = [Self::Events, Self::Alerts, Self::Ntfy, Self::Gotify, Self::Metrics];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Alerts => "alerts",
            Self::Ntfy => "ntfy",
            Self::Gotify => "gotify",
            Self::Metrics => "metrics",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }

    pub fn may(self, permission: Permission) -> bool {
        match self {
            Self::Events => matches!(permission, Permission::Report | Permission::ReportByNtfy | Permission::ReportByGotify),
            Self::Alerts => permission == Permission::Alert,
            Self::Ntfy => matches!(permission, Permission::ReportByNtfy | Permission::Subscribe),
            Self::Gotify => permission == Permission::ReportByGotify,
            Self::Metrics => permission == Permission::Measure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_its_table_says() {
        use Permission as P;
        let table: [(Role, &[Permission]); 3] = [
            (Role::Admin, &[P::Read, P::Alert, P::Report, P::Measure, P::Administer]),
            (Role::Technician, &[P::Read, P::Alert, P::Report]),
            (Role::Viewer, &[P::Read]),
        ];
        for (role, expected) in table {
            assert_eq!(allowed(|permission| role.may(permission)), expected, "{role:?}");
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
    }

    #[test]
    fn each_scope_may_do_what_its_table_says() {
        use Permission as P;
        let table: [(Scope, &[Permission]); 5] = [
            (Scope::Events, &[P::Report, P::ReportByNtfy, P::ReportByGotify]),
            (Scope::Alerts, &[P::Alert]),
            (Scope::Ntfy, &[P::ReportByNtfy, P::Subscribe]),
            (Scope::Gotify, &[P::ReportByGotify]),
            (Scope::Metrics, &[P::Measure]),
        ];
        for (scope, expected) in table {
            assert_eq!(allowed(|permission| scope.may(permission)), expected, "{scope:?}");
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
    }

    fn allowed(may: impl Fn(Permission) -> bool) -> Vec<Permission> {
        Permission::ALL.into_iter().filter(|permission| may(*permission)).collect()
    }
}
