Feature: Acknowledgement
  What has been acknowledged to a device is kept, once. What is not kept is refused with a reason,
  so that a device knows of everything it delivered what became of it.

  Background:
    Given Ana carries an enrolled phone
    And Ana allows location

  Rule: What is acknowledged is kept

    Scenario: A delivery is acknowledged and kept
      When Ana's phone sends these positions:
        | when           | where            |
        | 20 minutes ago | at Home          |
        | 10 minutes ago | 500 m from Home  |
      Then the delivery is acknowledged with 2 observations
      And 2 locations of Ana's phone are kept

    Scenario: A crash right after the acknowledgement loses nothing
      When Ana's phone sends its location of 10 minutes ago
      And the platform crashes and is started again
      Then 1 location of Ana's phone is kept

  Rule: What is delivered again is kept once

    Scenario: A phone that did not hear the acknowledgement sends again
      Given Ana's phone was at Home 10 minutes ago
      When Ana's phone sends the same delivery again
      Then the delivery is acknowledged as a duplicate
      And 1 location of Ana's phone is kept

    Scenario: A duplicate is recognised after a crash
      Given Ana's phone was at Home 10 minutes ago
      When the platform crashes and is started again
      And Ana's phone sends the same delivery again
      Then the delivery is acknowledged as a duplicate
      And 1 location of Ana's phone is kept

    Scenario: An alert is not raised twice for what is sent twice
      Given the place School
      And the rule that anybody enters School
      And Ana's phone sends these positions:
        | when           | where             |
        | 20 minutes ago | 500 m from School |
        | 10 minutes ago | at School         |
      When Ana's phone sends the same delivery again
      Then 1 alert is raised

    Scenario: Two deliveries may say the same and are both kept
      Given Ana allows web visits
      When Ana's phone sends a web visit
      And Ana's phone sends a web visit
      Then 2 web visits of Ana's phone are kept

  Rule: Each observation stands or falls on its own

    Scenario: One impossible position does not hold up the others
      When Ana's phone sends these positions:
        | when           | where            |
        | 30 minutes ago | at Home          |
        | 20 minutes ago | nowhere on earth |
        | 10 minutes ago | 500 m from Home  |
      Then the delivery is acknowledged with 2 observations
      And the second observation is refused because its latitude is out of range
      And 2 locations of Ana's phone are kept

    Scenario: A clock that runs far ahead
      When Ana's phone sends its location of 2 days from now
      Then the first observation is refused because its time is too late
      And 0 locations of Ana's phone are kept

    Scenario: A word that nobody knows
      When Ana's phone sends a location with a mood
      Then the first observation is refused because its mood is unknown

  Rule: What cannot be understood stands in quarantine

    Scenario: The observation that was refused is there to be looked at
      When Ana's phone sends a location that is nowhere on earth
      Then quarantine holds what Ana's phone sent, because its latitude is out of range

    Scenario: What is sent again stands there once
      When Ana's phone sends these positions:
        | when           | where            |
        | 20 minutes ago | nowhere on earth |
        | 10 minutes ago | at Home          |
      And Ana's phone sends the same delivery again
      Then the delivery is acknowledged as a duplicate
      And quarantine holds what Ana's phone sent, because its latitude is out of range

    Scenario: A kind of data that nobody knows
      When Ana's phone sends a dream
      Then the delivery is refused because its kind is unknown
      And quarantine holds what Ana's phone sent, because its kind is unknown

    Scenario: What was understood does not stand in quarantine
      When Ana's phone sends its location
      Then quarantine is empty

    Scenario: An empty delivery is refused
      When Ana's phone sends a delivery with nothing in it
      Then the delivery is refused because it holds no observations
