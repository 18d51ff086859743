//! The picture of the tray icon: a disc, green with a tick or red with a bar, so that it is told apart without colour too.

use tray_icon::Icon;

const SIZE: u32 = 32;

/// What the icon says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Green,
    Red,
}

/// Draws the icon with soft edges.
pub fn draw(colour: Colour) -> tray_icon::Result<Icon> {
    let pixels = (0..SIZE * SIZE).flat_map(|index| pixel(colour, index % SIZE, index / SIZE)).collect();
    Icon::from_rgba(pixels, SIZE, SIZE).map_err(|err| tray_icon::Error::OsError(std::io::Error::other(err)))
}

fn pixel(colour: Colour, column: u32, row: u32) -> [u8; 4] {
    let (x, y) = (f64::from(column) + 0.5, f64::from(row) + 0.5);
    let middle = f64::from(SIZE) / 2.0;
    let disc = edge(middle - 1.0 - (x - middle).hypot(y - middle));
    let sign = match colour {
        Colour::Green => near(x, y, [(8.5, 16.5), (14.0, 22.0)]).min(near(x, y, [(14.0, 22.0), (23.5, 10.5)])),
        Colour::Red => near(x, y, [(9.0, 16.0), (23.0, 16.0)]),
    };
    let white = edge(2.2 - sign);
    let base: [f64; 3] = match colour {
        Colour::Green => [22.0, 145.0, 70.0],
        Colour::Red => [205.0, 38.0, 38.0],
    };
    let [red, green, blue] = base.map(|part| byte(part + (255.0 - part) * white));
    [red, green, blue, byte(disc * 255.0)]
}

/// How much of a pixel lies inside, by its distance from the edge.
fn edge(inside: f64) -> f64 {
    (inside + 0.5).clamp(0.0, 1.0)
}

/// Distance of a point from a line between two others.
fn near(x: f64, y: f64, [(ax, ay), (bx, by)]: [(f64, f64); 2]) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let along = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (x - ax - along * dx).hypot(y - ay - along * dy)
}

fn byte(value: f64) -> u8 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
    let byte = value.clamp(0.0, 255.0) as u8;
    byte
}
