//! Who may do what: three roles, a handful of permissions.

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
            Permission::Alert => self != Self::Viewer,
            Permission::Administer => self == Self::Admin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_its_table_says() {
        let table = [(Role::Admin, [true, true, true]), (Role::Technician, [true, true, false]), (Role::Viewer, [true, false, false])];
        for (role, expected) in table {
            let allowed = [Permission::Read, Permission::Alert, Permission::Administer].map(|permission| role.may(permission));
            assert_eq!(allowed, expected, "{role:?}");
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
    }
}
