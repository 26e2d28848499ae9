Feature: Enrolment
  A device joins an account with a one-time code. From then on it is known by a credential of
  its own, until somebody retires it.

  Background:
    Given Ana carries a phone that is not enrolled yet
    And a code has been issued for Ana's phone

  Rule: A code enrols one device, once

    Scenario: A phone enrols with the code that was issued for it
      When Ana's phone enrols with the code
      Then Ana's phone is shown as enrolled
      And Ana's phone is listened to

    Scenario: A code typed by hand may be in small letters and in groups
      When Ana's phone enrols with the code in small letters and in groups of four
      Then Ana's phone is shown as enrolled

    Scenario: A used code enrols nobody else
      Given Ana's phone has enrolled with the code
      When a stranger's phone tries the code
      Then the stranger's phone is turned away

    Scenario: A guessed code enrols nobody
      When a stranger's phone tries the code "AAAA-BBBB-CCCC"
      Then the stranger's phone is turned away
      And Ana's phone is shown as new

    Scenario: Only the newest code counts
      Given a second code has been issued for Ana's phone
      When Ana's phone tries to enrol with the first code
      Then Ana's phone is turned away

  Rule: A code is good for a day

    @moves-clock
    Scenario Outline: An unused code grows old
      When <time> pass
      And Ana's phone tries to enrol with the code
      Then Ana's phone is shown as <state>

      Examples:
        | time     | state    |
        | 23 hours | enrolled |
        | 25 hours | new      |

  Rule: Enrolling again replaces the earlier agent

    Scenario: A phone that was set up anew
      Given Ana's phone has enrolled with the code
      When Ana's phone is set up anew and enrols with a second code
      Then Ana's phone is listened to
      But its earlier agent is turned away

    Scenario: A phone that was set up anew counts its deliveries from the beginning
      Given Ana allows location
      And Ana's phone has enrolled with the code
      And Ana's phone was at Home 10 minutes ago
      When Ana's phone is set up anew and enrols with a second code
      And Ana's phone sends its location
      Then 2 locations of Ana's phone are kept

  Rule: A retired device is no longer listened to

    Scenario: A lost phone is retired
      Given Ana's phone has enrolled with the code
      And Ana allows location
      And Ana's phone was at Home 10 minutes ago
      When Ana's phone is retired
      Then Ana's phone is turned away when it delivers
      And Ana's phone is shown as retired
      And Ana's phone is still known to have been at Home 10 minutes ago

    Scenario: A retired device gets no new code
      Given Ana's phone has been retired
      When somebody asks for another code for Ana's phone
      Then that is not possible

    Scenario: The code of a device that was retired meanwhile
      Given Ana's phone has been retired
      When Ana's phone tries to enrol with the code
      Then Ana's phone is shown as retired
