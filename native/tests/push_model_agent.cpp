#include <algorithm>

#include "push_models.hpp"

namespace push_simulation {

namespace {

constexpr auto closed = push::AgentState::closed;

bool keeps(push::Outcome outcome) {
    return outcome == push::Outcome::accepted || outcome == push::Outcome::duplicate;
}

}  // namespace

push::BatchKey ModelAgent::next_key(std::uint8_t kind) {
    last_sequence_ += 1 + world_.random.below(3);
    return {.kind = kind, .sequence = last_sequence_};
}

void ModelAgent::add(push::PushedBatch batch) {
    CHECK(index_.emplace(name_of(batch.key), spool.size()).second);
    spool.push_back({.batch = std::move(batch), .settled = std::nullopt});
    ++unsettled_;
}

ModelAgent::Item& ModelAgent::item_of(const push::BatchKey& key) {
    const auto found = index_.find(name_of(key));
    CHECK(found != index_.end());
    return spool[found->second];
}

bool ModelAgent::is_open() const {
    return terms_ && shell_ != nullptr && shell_->connection.state() == push::AgentState::open;
}

void ModelAgent::connect() {
    ++life_;
    shell_ = nullptr;
    if (!server_.is_up()) return come_again(0);
    ++connections;
    Way up = weather_.to_server;
    Way down = weather_.to_agent;
    if (world_.chance(weather_.cut)) {
        (world_.chance(50) ? up : down).cut_after = world_.random.below(weather_.cut_within);
    }
    link_ = links_.emplace_back(std::make_unique<Link>(world_, up, down)).get();
    link_->silent = world_.chance(weather_.silent);
    server_.connect(*link_);

    push::AgentOptions options;
    options.agent = {.name = "model", .version = "1", .platform = "none"};
    options.credential = "secret";
    if (policy_version > 0) options.policy_version = policy_version;
    for (const Item& item : spool) {
        if (item.settled || options.pending.size() == push::max_pending) continue;
        // A batch may be left out: the protocol asks for no more than the names.
        if (!world_.chance(weather_.again)) options.pending.push_back(item.batch.key);
    }
    offered_ = options.pending;
    push::AgentConnection connection(options, push::Peer::proven_by_tls, world_.now());
    shell_ = shells_.emplace_back(std::make_unique<AgentShell>(
        world_, std::move(connection), link_->up, FrameWatch::Role::agent)).get();
    books_ = {};
    terms_.reset();
    again_left_ = 20;
    answered_.clear();
    to_decline_.clear();
    come_again_after_ = 0;
    shell_->after_events = [this] {
        decline();
        pump();
    };
    shell_->on_event = [this](const push::AgentEvent& event) { hear(event); };
    link_->down.on_bytes = [shell = shell_](std::string_view bytes) { shell->receive(bytes); };
    link_->down.on_end = [this, life = life_] {
        if (life == life_) lost();
    };
    link_->agent_learns = link_->down.on_end;
    shell_->settle();
}

void ModelAgent::lost() {
    shell_->die();
    link_->cut();
    come_again(come_again_after_);
}

void ModelAgent::come_again(Millis delay) {
    ++life_;
    world_.after(delay + world_.random.between(100, 3'000), [this, life = life_] {
        if (life == life_) connect();
    });
}

void ModelAgent::crash() {
    // What became settled a moment ago may not have reached the disk.
    for (Item& item : spool) {
        if (item.settled && item.settled_at + 500 > world_.now() && world_.chance(50)) {
            item.settled.reset();
            ++unsettled_;
        }
    }
    if (shell_ != nullptr) {
        shell_->die();
        link_->cut();
    }
    shell_ = nullptr;
    come_again(world_.random.between(0, 5'000));
}

void ModelAgent::check_in() {
    if (!is_open()) return;
    shell_->connection.check_in(policy_version);
    shell_->settle();
}

void ModelAgent::hear(const push::AgentEvent& event) {
    if (const auto* in = std::get_if<push::Admitted>(&event)) {
        admitted(*in);
    } else if (const auto* arrived = std::get_if<push::ReceiptsArrived>(&event)) {
        for (const push::PushReceipt& one : arrived->receipts) receipt(one);
    } else if (const auto* said = std::get_if<push::Told>(&event)) {
        told(*said);
    } else if (const auto* request = std::get_if<push::RequestClosed>(&event)) {
        CHECK(request->known && unable.contains(request->request_id));
    } else if (const auto* leaving = std::get_if<push::ServerLeaving>(&event)) {
        come_again_after_ = static_cast<Millis>(leaving->retry_after_s) * 1'000;
        CHECK(!shell_->connection.may_send(1));
    } else if (const auto* end = std::get_if<push::PeerClosed>(&event)) {
        if (end->code == push::CloseCode::protocol_broken) throw CheckFailed(end->reason);
        come_again(std::max(come_again_after_, static_cast<Millis>(end->retry_after_s) * 1'000));
    } else {
        const auto& error = std::get<push::RemoteError>(event);
        if (error.code != push::CloseCode::too_slow) throw CheckFailed(error.reason);
        ++silences_noticed;
        come_again(0);
    }
}

void ModelAgent::admitted(const push::Admitted& terms) {
    terms_ = terms;
    CHECK(terms.kept.size() == offered_.size());
    for (std::size_t index = 0; index < offered_.size(); ++index) {
        if (terms.kept[index]) settle(item_of(offered_[index]), push::Outcome::duplicate);
    }
}

void ModelAgent::receipt(const push::PushReceipt& receipt) {
    books_.remove(receipt.key);
    Item& item = item_of(receipt.key);
    if (receipt.outcome == push::Outcome::later) {
        not_before_ = std::max(
            not_before_, world_.now() + static_cast<Millis>(receipt.retry_after_s) * 1'000);
        world_.after(not_before_ - world_.now(), [this] { pump(); });
        return;
    }
    // What was accepted once is a duplicate for ever, and what was refused once is refused.
    if (item.settled) {
        CHECK(receipt.outcome != push::Outcome::accepted);
        CHECK(keeps(*item.settled) == keeps(receipt.outcome));
    }
    CHECK(receipt.refused.size() == ModelServer::refusals_of(item.batch, receipt.outcome));
    CHECK(receipt.accepted == (keeps(receipt.outcome) ? ModelServer::count_of(item.batch) : 0));
    settle(item, receipt.outcome);
}

void ModelAgent::settle(Item& item, push::Outcome outcome) {
    const auto found = server_.kept.find(name_of(item.batch.key));
    CHECK((found != server_.kept.end()) == keeps(outcome));
    if (keeps(outcome)) CHECK(same_content(found->second, item.batch));
    if (item.settled) return;
    item.settled = outcome;
    item.settled_at = world_.now();
    --unsettled_;
}

void ModelAgent::told(const push::Told& told) {
    if (told.policy) {
        CHECK(told.policy->size() == 1 && told.policy->front().interval_s == told.policy_version);
        policy_version = told.policy_version;
    }
    for (const push::DataRequest& request : told.requests) {
        if (answered_.insert(request.id).second) answer(request);
    }
}

void ModelAgent::answer(const push::DataRequest& request) {
    CHECK(request.from_ms == -1 && request.to_ms == 1 && request.limit == 5);
    // The spool outlives a crash: an answer that is in it is on its way.
    const bool on_its_way = std::ranges::any_of(
        spool, [&](const Item& item) { return item.batch.request_id == request.id; });
    if (on_its_way) return;
    if (unable.contains(request.id) || world_.chance(40)) {
        unable.insert(request.id);
        to_decline_.insert(request.id);
        return;
    }
    for (std::size_t left = 1 + world_.random.below(3); left > 0; --left) {
        push::PushedBatch batch = json_batch(next_key(1), 60, world_.random);
        batch.kind_name = "location";
        batch.request_id = request.id;
        batch.completes = left == 1;
        add(std::move(batch));
    }
}

// What was told before we were let in has to wait until we are.
void ModelAgent::decline() {
    if (!is_open()) return;
    for (const std::string& id : to_decline_) shell_->connection.cannot(id, "no such data");
    to_decline_.clear();
    shell_->settle();
}

bool ModelAgent::send(const Item& item) {
    const std::size_t size = item.batch.payload.size();
    const bool room =
        books_.has_room(size, std::min(terms_->window_batches, push::max_pending),
                        terms_->window_bytes);
    CHECK(shell_->connection.may_send(size) == room);
    if (!room) {
        CHECK(throws<push::LocalError>([&] { shell_->connection.send(item.batch); }));
        return false;
    }
    books_.add(item.batch);
    shell_->connection.send(item.batch);
    CHECK(shell_->connection.unacknowledged() == books_.under_way.size());
    return true;
}

void ModelAgent::pump() {
    if (!is_open() || world_.now() < not_before_) return;
    for (const Item& item : spool) {
        if (books_.under_way.contains(name_of(item.batch.key))) continue;
        const bool again = item.settled && again_left_ > 0 && world_.chance(weather_.again);
        if (item.settled && !again) continue;
        if (!send(item)) break;
        if (again) --again_left_;
        if (world_.chance(10)) {
            world_.after(world_.random.between(0, 1'000), [this] { pump(); });
            break;
        }
    }
    shell_->settle();
}

}  // namespace push_simulation
