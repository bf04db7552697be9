#include "io/contact.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using driver::Contact;

TEST_CASE("a contact changes once it stood for the debounce time in every look") {
    Contact contact(50);
    CHECK(contact.look(false, {0}) == false);  // the first look counts at once
    CHECK_FALSE(contact.look(false, {1000}));
    CHECK_FALSE(contact.look(true, {1010}));
    CHECK_FALSE(contact.look(true, {1059}));
    CHECK(contact.look(true, {1060}) == true);
    CHECK_FALSE(contact.look(true, {1070}));
}

TEST_CASE("a bounce begins the debounce time anew") {
    Contact contact(50);
    CHECK(contact.look(false, {0}) == false);
    CHECK_FALSE(contact.look(true, {100}));
    CHECK_FALSE(contact.look(false, {140}));
    CHECK_FALSE(contact.look(true, {150}));
    CHECK_FALSE(contact.look(true, {199}));
    CHECK(contact.look(true, {200}) == true);
}

TEST_CASE("what was forgotten is said again at the next look") {
    Contact contact(50);
    CHECK(contact.look(true, {0}) == true);
    contact.forget();
    CHECK_FALSE(contact.state().has_value());
    CHECK(contact.look(true, {1}) == true);
}

TEST_CASE("a clock that steps back never shortens the debounce time") {
    Contact contact(50);
    CHECK(contact.look(false, {1000}) == false);
    CHECK_FALSE(contact.look(true, {1000}));
    CHECK_FALSE(contact.look(true, {0}));
    CHECK_FALSE(contact.look(true, {1049}));
    CHECK(contact.look(true, {1050}) == true);
}
