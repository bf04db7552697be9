#include "telegram/wedge.hpp"

#include <array>

namespace hefang::codec {
namespace {

constexpr std::array us{
    WedgeKey{1, '\x1B', '\x1B'}, WedgeKey{2, '1', '!'},    WedgeKey{3, '2', '@'},    WedgeKey{4, '3', '#'},
    WedgeKey{5, '4', '$'},       WedgeKey{6, '5', '%'},    WedgeKey{7, '6', '^'},    WedgeKey{8, '7', '&'},
    WedgeKey{9, '8', '*'},       WedgeKey{10, '9', '('},   WedgeKey{11, '0', ')'},   WedgeKey{12, '-', '_'},
    WedgeKey{13, '=', '+'},      WedgeKey{14, '\b', '\b'}, WedgeKey{15, '\t', '\t'}, WedgeKey{16, 'q', 'Q'},
    WedgeKey{17, 'w', 'W'},      WedgeKey{18, 'e', 'E'},   WedgeKey{19, 'r', 'R'},   WedgeKey{20, 't', 'T'},
    WedgeKey{21, 'y', 'Y'},      WedgeKey{22, 'u', 'U'},   WedgeKey{23, 'i', 'I'},   WedgeKey{24, 'o', 'O'},
    WedgeKey{25, 'p', 'P'},      WedgeKey{26, '[', '{'},   WedgeKey{27, ']', '}'},   WedgeKey{28, '\r', '\r'},
    WedgeKey{30, 'a', 'A'},      WedgeKey{31, 's', 'S'},   WedgeKey{32, 'd', 'D'},   WedgeKey{33, 'f', 'F'},
    WedgeKey{34, 'g', 'G'},      WedgeKey{35, 'h', 'H'},   WedgeKey{36, 'j', 'J'},   WedgeKey{37, 'k', 'K'},
    WedgeKey{38, 'l', 'L'},      WedgeKey{39, ';', ':'},   WedgeKey{40, '\'', '"'},  WedgeKey{41, '`', '~'},
    WedgeKey{43, '\\', '|'},     WedgeKey{44, 'z', 'Z'},   WedgeKey{45, 'x', 'X'},   WedgeKey{46, 'c', 'C'},
    WedgeKey{47, 'v', 'V'},      WedgeKey{48, 'b', 'B'},   WedgeKey{49, 'n', 'N'},   WedgeKey{50, 'm', 'M'},
    WedgeKey{51, ',', '<'},      WedgeKey{52, '.', '>'},   WedgeKey{53, '/', '?'},   WedgeKey{55, '*', '*'},
    WedgeKey{57, ' ', ' '},      WedgeKey{71, '7', '7'},   WedgeKey{72, '8', '8'},   WedgeKey{73, '9', '9'},
    WedgeKey{74, '-', '-'},      WedgeKey{75, '4', '4'},   WedgeKey{76, '5', '5'},   WedgeKey{77, '6', '6'},
    WedgeKey{78, '+', '+'},      WedgeKey{79, '1', '1'},   WedgeKey{80, '2', '2'},   WedgeKey{81, '3', '3'},
    WedgeKey{82, '0', '0'},      WedgeKey{83, '.', '.'},   WedgeKey{96, '\r', '\r'}, WedgeKey{98, '/', '/'},
};

}  // namespace

std::span<const WedgeKey> us_layout() { return us; }

}  // namespace hefang::codec
