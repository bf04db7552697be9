#include "base/mailbox.hpp"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace std::chrono_literals;

TEST_CASE("a full inlet refuses and leaves the item with its owner") {
    Mailbox<std::unique_ptr<int>> box;
    auto& small = box.inlet(2);
    auto& other = box.inlet(1);
    for (int i = 0; i < 2; ++i) CHECK(small.post(std::make_unique<int>(i)));
    auto kept = std::make_unique<int>(7);
    CHECK_FALSE(small.post(std::move(kept)));
    REQUIRE(kept != nullptr);
    CHECK(*kept == 7);
    CHECK(small.refused() == 1);
    CHECK(small.waiting() == 2);
    CHECK(other.post(std::make_unique<int>(9)));  // a noisy neighbour takes nobody's room
    CHECK(box.waiting() == 3);
    CHECK_FALSE(small.wait_for_room(1ms));
    CHECK(box.take(1, 0ms).size() == 1);
    CHECK(small.wait_for_room(0ms));
    CHECK(small.post(std::move(kept)));
    const auto rest = box.take(10, 0ms);
    REQUIRE(rest.size() == 3);
    CHECK(*rest[0] == 1);
    CHECK(*rest[1] == 9);
    CHECK(*rest[2] == 7);
    CHECK(box.take(10, 0ms).empty());
}

TEST_CASE("take gives at most what was asked and keeps the order") {
    Mailbox<int> box;
    auto& inlet = box.inlet(10);
    for (int i = 0; i < 5; ++i) CHECK(inlet.post(int(i)));
    CHECK(box.take(0, 0ms).empty());
    CHECK(box.take(2, 0ms) == std::vector<int>{0, 1});
    CHECK(box.take(3, 0ms) == std::vector<int>{2, 3, 4});
}

TEST_CASE("a waiting take ends by an item, by wake and by its limit") {
    Mailbox<int> box;
    auto& inlet = box.inlet(1);
    CHECK(box.take(1, 1ms).empty());
    bool posted = false;
    std::thread poster([&] { posted = inlet.post(5); });
    CHECK(box.take(1, 60s) == std::vector<int>{5});
    poster.join();
    CHECK(posted);
    std::thread waker([&] { box.wake(); });
    CHECK(box.take(1, 60s).empty());
    waker.join();
    box.wake();  // a wake before the take is not lost
    CHECK(box.take(1, 60s).empty());
}

TEST_CASE("many producers, one consumer: nothing lost, nothing doubled, each one's order kept") {
    constexpr int producers = 4;
    constexpr int each = 5000;
    Mailbox<std::pair<int, int>> box;
    std::vector<Mailbox<std::pair<int, int>>::Inlet*> inlets;
    for (int p = 0; p < producers; ++p) inlets.push_back(&box.inlet(8));
    std::vector<std::thread> threads;
    for (int p = 0; p < producers; ++p) {
        threads.emplace_back([p, inlet = inlets[static_cast<std::size_t>(p)]] {
            for (int i = 0; i < each;) {
                if (inlet->post({p, i})) {
                    ++i;
                } else {
                    (void)inlet->wait_for_room(1s);
                }
            }
        });
    }
    std::vector<int> next(producers, 0);
    int total = 0;
    bool in_order = true;
    while (total < producers * each) {
        for (const auto& [p, i] : box.take(16, 5s)) {
            in_order = in_order && i == next[static_cast<std::size_t>(p)]++;
            ++total;
        }
    }
    for (auto& t : threads) t.join();
    CHECK(in_order);
    CHECK(box.waiting() == 0);
    for (const auto* inlet : inlets) CHECK(inlet->waiting() == 0);
}
