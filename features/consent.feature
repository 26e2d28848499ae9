Feature: Consent
  Consent is the gate. What a person has not agreed to is refused at the door and kept nowhere.

  Background:
    Given Ana carries an enrolled phone

  Rule: Nothing is kept without consent

    Scenario: A phone whose person has agreed to nothing
      When Ana's phone sends its location
      Then the delivery is refused for lack of consent
      And nothing is known of Ana's phone

    Scenario: Consent is given for each kind of data by itself
      Given Ana allows location
      When Ana's phone sends its location
      And Ana's phone sends a web visit
      Then 1 location of Ana's phone is kept
      And 0 web visits of Ana's phone are kept

    Scenario: What is refused for lack of consent is not put into quarantine either
      When Ana's phone sends its location
      Then quarantine is empty

    Scenario: What makes no sense is not kept either, when nothing was agreed to
      When Ana's phone sends a location that is nowhere on earth
      Then quarantine is empty

  Rule: A consent may be limited to hours of the week, in the person's own time

    Background:
      Given Ana lives in the time zone Europe/Ljubljana
      And Ana allows location on weekdays from 8:00 to 15:00

    Scenario: The hours decide for each observation of a delivery
      When Ana's phone sends its locations of these times:
        | day      | time  |
        | Tuesday  | 07:30 |
        | Tuesday  | 08:30 |
        | Tuesday  | 14:59 |
        | Tuesday  | 15:00 |
        | Saturday | 10:00 |
      Then only these are kept:
        | day      | time  |
        | Tuesday  | 08:30 |
        | Tuesday  | 14:59 |
      And the others are refused for lack of consent
      And quarantine is empty

    Scenario: What makes no sense outside the hours is not kept in quarantine
      When Ana's phone sends a location of Saturday 10:00 that is nowhere on earth
      Then quarantine is empty

  Rule: A consent may begin and end

    Scenario: Consent from yesterday on
      Given Ana allows location from 1 day ago on
      When Ana's phone sends these positions:
        | when         | where   |
        | 2 days ago   | at Home |
        | 3 hours ago  | at Home |
      Then 1 location of Ana's phone is kept
      And the others are refused for lack of consent

  Rule: Consent can be withdrawn at any time

    Scenario: After the withdrawal nothing is accepted, whenever it happened
      Given Ana allows location
      And Ana's phone was at Home 2 hours ago
      When Ana withdraws her consent
      And Ana's phone sends its location of 1 hour ago
      Then the delivery is refused for lack of consent
      And 1 location of Ana's phone is kept

    Scenario: Another consent still holds
      Given Ana allows location and web visits
      And Ana allows location
      When Ana withdraws her first consent
      And Ana's phone sends its location
      And Ana's phone sends a web visit
      Then 1 location of Ana's phone is kept
      And 0 web visits of Ana's phone are kept

  Rule: A device is told to collect what its person allows, and nothing else

    Scenario: Nothing to collect before there is consent
      Then Ana's phone is told to collect nothing

    Scenario: The policy follows consent
      When Ana allows location and battery
      Then Ana's phone is told to collect location and battery

    Scenario: The policy follows withdrawal
      Given Ana allows location and battery
      When Ana withdraws her consent
      Then Ana's phone is told to collect nothing

    Scenario: A phone that knows its policy is not told again
      Given Ana allows location
      And Ana's phone has fetched its policy
      Then Ana's phone is told nothing new

    Scenario: A phone that waits for word learns of a consent at once
      Given Ana's phone has fetched its policy
      And Ana's phone waits for something to do
      When Ana allows location
      Then Ana's phone is told at once to collect location
