#pragma once
#include "belt/label.hpp"

#include <cstdint>
#include <random>
#include <vector>

namespace hefang::hil {

/// Grey, row after row without gaps, 0 is black.
struct Picture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels;
};

/// Where and how a label lies in a picture.
struct Placed {
    Label label;
    double x = 0, y = 0;  ///< its middle, pixels
    double module = 3;    ///< pixels
    double angle = 0;     ///< radians, clockwise as the picture is seen
    double tilt = 0;      ///< −0.3 … 0.3: how much smaller one end of it is than the other
    double wrinkle = 0;   ///< modules by which it is shifted along a wave
    int black = 20, white = 230;
};

/// What the camera adds, in the order in which it happens.
struct Conditions {
    int blur = 0;      ///< pixels of motion along the x axis, the belt's
    double focus = 0;  ///< pixels of a soft focus
    double glare = 0;  ///< 0 … 1: brightness that a reflection adds
    double noise = 0;  ///< grey levels, standard deviation
    bool inverted = false;
};

/// Draws `labels` onto `ground`, a grey of its own with some print on it. The same arguments give the same picture.
[[nodiscard]] Picture draw(int width, int height, const std::vector<Placed>& labels, const Conditions& conditions,
                           int ground, std::uint32_t seed);

/// A frame of a belt camera with what is on it, as varied as belts are: one to three labels of all formats in
/// 1280 × 800 or 2448 × 2048, motion of 0 to 12 pixels, noise, tilt, glare, wrinkles, low contrast.
struct BeltFrame {
    Picture picture;
    std::vector<Placed> labels;
    Conditions conditions;
};
[[nodiscard]] Result<BeltFrame> belt_frame(std::uint32_t seed, std::uint32_t number);

/// A small clean picture of one label: upright or turned, 1 to 4 pixels a module, now and then inverted.
[[nodiscard]] Result<BeltFrame> clean_frame(std::uint32_t seed, std::uint32_t number);

}  // namespace hefang::hil
