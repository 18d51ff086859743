//! The sign of each severity, drawn: a shape of its own each, so that they are told apart without colour.

use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use shared::Severity;

/// Draws the sign into the square: the shape in `ink`, what is on it in `paper`.
pub fn paint(painter: &Painter, square: Rect, severity: Severity, ink: Color32, paper: Color32) {
    let (centre, radius) = (square.center(), square.width() / 2.0);
    match severity {
        Severity::Info => {
            painter.circle_filled(centre, radius, ink);
            dot(painter, centre, radius, -0.46, paper);
            bar(painter, centre, radius, -0.12, 0.55, paper);
        }
        Severity::Warning => {
            let corners = [pos2(0.0, -0.95), pos2(1.0, 0.82), pos2(-1.0, 0.82)];
            painter.add(shape(centre, radius, &corners, ink));
            bar(painter, centre, radius, -0.38, 0.3, paper);
            dot(painter, centre, radius, 0.58, paper);
        }
        Severity::Error => {
            painter.circle_filled(centre, radius, ink);
            let arm = radius * 0.42;
            let stroke = Stroke::new(radius * 0.24, paper);
            painter.line_segment([centre - vec2(arm, arm), centre + vec2(arm, arm)], stroke);
            painter.line_segment([centre + vec2(-arm, arm), centre + vec2(arm, -arm)], stroke);
        }
        Severity::Critical => {
            let (near, far) = (0.414, 1.0);
            let corners = [(-near, -far), (near, -far), (far, -near), (far, near), (near, far), (-near, far), (-far, near), (-far, -near)];
            painter.add(shape(centre, radius, &corners.map(|(x, y)| pos2(x, y)), ink));
            bar(painter, centre, radius, -0.55, 0.22, paper);
            dot(painter, centre, radius, 0.55, paper);
        }
    }
}

fn shape(centre: Pos2, radius: f32, corners: &[Pos2], colour: Color32) -> Shape {
    let points = corners.iter().map(|corner| centre + corner.to_vec2() * radius).collect();
    Shape::convex_polygon(points, colour, Stroke::new(radius * 0.12, colour))
}

fn bar(painter: &Painter, centre: Pos2, radius: f32, top: f32, bottom: f32, colour: Color32) {
    let at = |y: f32| centre + vec2(0.0, y * radius);
    painter.line_segment([at(top), at(bottom)], Stroke::new(radius * 0.24, colour));
}

fn dot(painter: &Painter, centre: Pos2, radius: f32, y: f32, colour: Color32) {
    painter.circle_filled(centre + vec2(0.0, y * radius), radius * 0.15, colour);
}
