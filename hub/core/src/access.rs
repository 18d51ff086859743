//! Who may do what: three roles of people, two scopes of programs, a handful of permissions.

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
    /// Manage users, clients and enrolments.
    Administer,
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
            Permission::Administer => self == Self::Admin,
        }
    }
}

/// What the holder of an API token may do; a program has one scope and no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    Events,
    Alerts,
}

impl Scope {
    pub const ALL: [Scope; 2] = [Self::Events, Self::Alerts];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Alerts => "alerts",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }

    pub fn may(self, permission: Permission) -> bool {
        match self {
            Self::Events => permission == Permission::Report,
            Self::Alerts => permission == Permission::Alert,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERMISSIONS: [Permission; 4] = [Permission::Read, Permission::Alert, Permission::Report, Permission::Administer];

    #[test]
    fn each_role_may_do_what_its_table_says() {
        let table = [
            (Role::Admin, [true, true, true, true]),
            (Role::Technician, [true, true, true, false]),
            (Role::Viewer, [true, false, false, false]),
        ];
        for (role, expected) in table {
            assert_eq!(PERMISSIONS.map(|permission| role.may(permission)), expected, "{role:?}");
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
    }

    #[test]
    fn each_scope_may_do_one_thing() {
        let table = [(Scope::Events, [false, false, true, false]), (Scope::Alerts, [false, true, false, false])];
        for (scope, expected) in table {
            assert_eq!(PERMISSIONS.map(|permission| scope.may(permission)), expected, "{scope:?}");
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
    }
}
